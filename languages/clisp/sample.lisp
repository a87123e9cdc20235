;; A maze, carved at random by walking where nobody has been, with a chance that is the same each time.
(defconstant +width+ 21)
(defconstant +height+ 11)

(defvar *seed* 7)
(defun chance (n)
  (setf *seed* (mod (+ (* *seed* 1103515245) 12345) 2147483648))
  (mod (floor *seed* 65536) n))

(defvar *maze* (make-array (list +height+ +width+) :initial-element #\█))

(defun shuffled (list)
  (sort (mapcar (lambda (x) (cons (chance 1000) x)) list) #'< :key #'car))

(defun carve (row column)
  (setf (aref *maze* row column) #\Space)
  (loop for (nil dr dc) in (shuffled '((0 2) (0 -2) (2 0) (-2 0)))
        for r = (+ row dr)
        for c = (+ column dc)
        when (and (< 0 r +height+) (< 0 c +width+) (char= (aref *maze* r c) #\█))
          do (setf (aref *maze* (/ (+ row r) 2) (/ (+ column c) 2)) #\Space)
             (carve r c)))

(carve 1 1)
(dotimes (r +height+)
  (dotimes (c +width+) (write-char (aref *maze* r c)))
  (terpri))
